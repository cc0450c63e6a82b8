# The first stage puts the pinned packages into /opt/remit, the second holds them and the code, nothing else.
#   docker build -t remit .
# docs/deploy/compose.yaml runs it with everything taken away that it does not need.

FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock pyproject.toml ./
# The lock holds what development needs as well. It pins what the project itself asks for, down to the hash.
RUN awk '/^[^ #]/ { wanted = /^uv==/ } wanted' requirements.lock > uv.lock \
 && python -m venv tools \
 && tools/bin/pip install --quiet --no-cache-dir --no-deps --only-binary :all: --require-hashes -r uv.lock \
 && python -m venv --without-pip /opt/remit \
 && tools/bin/uv pip install --quiet --no-cache --no-config --link-mode copy --compile-bytecode \
        --only-binary :all: --python /opt/remit/bin/python \
        --requirements pyproject.toml --constraints requirements.lock

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 remit \
 && useradd --uid 10001 --gid remit --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin remit \
 && install --directory --owner remit --group remit /data
COPY --from=packages /opt/remit /opt/remit
WORKDIR /app
COPY LICENSE NOTICE ./
COPY ingest ingest
COPY chat chat
COPY corpus corpus
COPY evals/questions.jsonl evals/
ENV PATH=/opt/remit/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    REMIT_HOME=/data \
    REMIT_HOST=0.0.0.0 \
    REMIT_LOG=json
RUN python -m compileall -q ingest chat
USER 10001:10001
# The index; it can always be built again from the documents.
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "chat"]
CMD ["serve"]
