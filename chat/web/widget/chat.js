// <remit-chat>: the launcher and its panel, or the panel alone where the element is `inline`.

const HERE = document.currentScript?.src;
const ACCENT = "#0f766e";
const ICONS = {
  talk: "M4 5h16v11H10l-5 4v-4H4z M8 9h8 M8 12h5",
  close: "M6 6l12 12 M18 6L6 18",
  again: "M5 12a7 7 0 1 0 2.2-5.1 M5 4v4h4",
  ask: "M12 19V6 M6 12l6-6 6 6",
  stop: "M8 8h8v8H8z",
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class RemitChat extends HTMLElement {
  static observedAttributes = ["accent", "greeting", "heading", "inline", "lang", "position", "starters", "theme", "token"];

  #history = [];
  #token = "";
  #waiting = null; // the AbortController of the question under way
  #parts = null;
  #leave = null; // the timer of a question that may be asked again only later

  connectedCallback() {
    if (!this.#parts) this.#build();
    this.#dress();
  }

  disconnectedCallback() {
    this.#waiting?.abort();
  }

  attributeChangedCallback(name) {
    if (name === "token") this.#token = "";
    else if (this.#parts) this.#dress();
  }

  // Open the panel of the launcher.
  open() {
    if (this.hasAttribute("inline")) return;
    const { root, launcher, box } = this.#parts;
    root.classList.add("opened");
    launcher.ariaExpanded = "true";
    box.focus();
  }

  // Close it; what was said stays, and an answer under way goes on.
  close() {
    if (this.hasAttribute("inline")) return;
    const { root, launcher } = this.#parts;
    root.classList.remove("opened");
    launcher.ariaExpanded = "false";
    launcher.focus();
  }

  // Ask a question as if it had been typed; resolves when its answer, or why there is none, is shown.
  async ask(question) {
    question = question.trim();
    if (!question || this.#waiting) return;
    const { log, send, status } = this.#parts;
    const { texts } = this.#scene();
    const waiting = (this.#waiting = new AbortController());
    clearTimeout(this.#leave);
    log.querySelector(".trouble")?.closest(".turn").remove();
    const place = make("div", { className: "answer" });
    const turn = make("article", { className: "turn" },
      make("p", { className: "question", dir: "auto" }, make("span", { className: "unseen" }, `${texts.you}: `), question), place);
    log.append(turn);
    this.#parts.root.classList.add("talking");
    this.#setSend("stop");
    status.textContent = texts.looking;
    let answer = { question, asked: "", status: "", verdict: "", owners: [], supporting: [], statements: [], citations: [], nearest: [], reason: "", notice: "" };
    const show = () => {
      this.#keepFocus(place, cardOf(answer, this.#scene()));
      log.scrollTop += turn.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    };
    show();
    try {
      const history = this.#history;
      const request = { server: this.#server(), question, history, pass: (renew) => this.#pass(renew), signal: waiting.signal };
      for await (const { name, data } of asked(request)) {
        if (name === "answer") answer = data;
        if (name === "statement") {
          const known = new Set(answer.citations.map((citation) => citation.number));
          answer = { ...answer, statements: [...answer.statements, data.statement],
            citations: [...answer.citations, ...data.citations.filter((citation) => !known.has(citation.number))] };
        }
        if (name !== "start") show();
      }
      if (this.#history === history) {
        this.#history = [...history, { role: "user", content: question }, { role: "assistant", content: answer.text }].slice(-20);
      }
      place.append(this.#copier(answer));
      status.textContent = spokenOf(answer, this.#scene());
    } catch (error) {
      if (turn.isConnected) this.#explain(error, question, place, waiting.signal.aborted);
      if (!waiting.signal.aborted && !(error instanceof Trouble)) console.error(error);
    } finally {
      if (!answer.verdict) waiting.abort(); // whatever of it may still be on its way
      if (this.#waiting === waiting) this.#waiting = null;
      if (!this.#waiting) this.#setSend("ask");
    }
  }

  // The whole of the element, once; what its attributes say is put on by #dress.
  #build() {
    const button = (name, action) => make("button", { type: "button", className: name, onclick: action }, icon(ICONS[name]));
    const launcher = make("button", { type: "button", className: "launcher", onclick: () => this.#toggle() },
      icon(ICONS.talk), make("span"));
    launcher.setAttribute("aria-haspopup", "dialog");
    const heading = make(this.hasAttribute("framed") ? "h1" : "h2", { className: "heading" });
    const [again, close] = [button("again", () => this.#again()), button("close", () => this.close())];
    const greeting = make("p", { className: "greeting", dir: "auto" });
    const starters = make("ul", { className: "starters" });
    const log = make("div", { className: "log", tabIndex: 0 }, greeting, starters);
    log.setAttribute("role", "region");
    const box = make("textarea", { rows: 1, dir: "auto", enterKeyHint: "send", autocomplete: "off" });
    const send = make("button", { type: "submit", className: "send" }, icon(ICONS.ask));
    const form = make("form", { noValidate: true }, box, send);
    const status = make("div", { className: "unseen", role: "status" });
    const panel = make("section", { className: "panel" }, make("div", { className: "head" }, heading, again, close), log, form, status);
    const root = make("div", { className: "root" }, launcher, panel);
    this.#parts = { root, launcher, panel, heading, again, close, greeting, starters, log, box, send, status };

    form.onsubmit = (event) => {
      event.preventDefault();
      if (this.#waiting) return this.#waiting.abort();
      const question = box.value;
      box.value = "";
      this.#grow();
      this.ask(question);
    };
    box.oninput = () => this.#grow();
    box.onkeydown = (event) => {
      // While letters are being composed, Enter belongs to the keyboard's own window.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#waiting) form.requestSubmit();
    };
    panel.onkeydown = (event) => {
      if (event.key !== "Escape" || event.isComposing || this.hasAttribute("inline")) return;
      event.stopPropagation();
      this.close();
    };
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(root);
  }

  #dress() {
    const { texts, language } = this.#scene();
    const { root, launcher, panel, heading, again, close, greeting, starters, log, box } = this.#parts;
    const inline = this.hasAttribute("inline");
    const title = this.getAttribute("heading") ?? texts.heading;
    const name = (node, words) => ((node.ariaLabel = words), (node.title = words));
    root.lang = language;
    root.dataset.position = this.getAttribute("position") ?? "";
    root.dataset.theme = this.getAttribute("theme") ?? "";
    root.classList.toggle("inline", inline);
    this.#paint();
    heading.textContent = title;
    launcher.lastChild.textContent = title;
    launcher.ariaExpanded = String(root.classList.contains("opened"));
    panel.setAttribute("role", inline ? "region" : "dialog");
    panel.ariaLabel = title;
    name(again, texts.again);
    name(close, texts.close);
    log.ariaLabel = texts.talk;
    greeting.textContent = this.getAttribute("greeting") ?? texts.greeting;
    starters.ariaLabel = texts.starters;
    starters.replaceChildren(...(this.getAttribute("starters") ?? "").split("|").map((words) => words.trim()).filter(Boolean)
      .map((words) => make("li", {}, make("button", { type: "button", dir: "auto", onclick: () => this.#start(words) }, words))));
    box.ariaLabel = texts.box;
    box.placeholder = texts.hint;
    this.#setSend(this.#waiting ? "stop" : "ask");
  }

  // The host's colour, and black or white upon it, whichever can be read better.
  #paint() {
    const { root } = this.#parts;
    const given = this.getAttribute("accent") ?? "";
    const accent = CSS.supports("color", given) ? given : ACCENT;
    root.style.setProperty("--accent", accent);
    root.style.setProperty("--on", "#fff");
    // Mixed with nothing, any way to write a colour comes back as three numbers from 0 to 1.
    root.style.backgroundColor = `color-mix(in srgb, ${accent} 100%, #000)`;
    const numbers = getComputedStyle(root).backgroundColor.match(/[\d.]+/g) ?? [];
    root.style.removeProperty("background-color");
    const [red, green, blue] = numbers.slice(0, 3).map((part) => (part <= 0.04045 ? part / 12.92 : ((+part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    if (1.05 / (light + 0.05) < (light + 0.05) / 0.055) root.style.setProperty("--on", "#0b1220");
  }

  #scene() {
    const language = this.lang || document.documentElement.lang || navigator.language || "en";
    return { texts: textsFor(language), language: Intl.DateTimeFormat.supportedLocalesOf(safeTag(language))[0] ?? "en", server: this.#server() };
  }

  #server() {
    const address = new URL(this.getAttribute("server") || (HERE ? new URL(".", HERE) : "/"), document.baseURI);
    if (!/^https?:$/.test(address.protocol)) throw new TypeError(`server ${address.href} is no web address`);
    return address.href.replace(/[?#].*$/, "").replace(/\/?$/, "/");
  }

  // The token of whoever reads the host page: the attribute's, or one that the host page's server makes.
  async #pass(renew) {
    const source = this.getAttribute("token-url");
    const known = this.#token || this.getAttribute("token") || "";
    if (!renew && (known || !source)) return known;
    if (source) {
      const address = new URL(source, document.baseURI);
      if (address.origin !== location.origin) {
        console.error(`token-url ${address.href} is not on the page's own origin`);
        throw new Trouble("refused");
      }
      const response = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
      if (!response.ok) throw troubleOf(response.status);
      return (this.#token = (await response.json()).token);
    }
    if (this.hasAttribute("framed") && parent !== window) return (this.#token = await parentToken());
    throw new Trouble("signin");
  }

  #toggle() {
    if (this.#parts.root.classList.contains("opened")) this.close();
    else this.open();
  }

  #start(question) {
    // The button goes away with the greeting; on a phone the keyboard would hide the answer.
    (matchMedia("(pointer: coarse)").matches ? this.#parts.log : this.#parts.box).focus();
    this.ask(question);
  }

  #again() {
    const { log, root, box, status } = this.#parts;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#history = [];
    clearTimeout(this.#leave);
    for (const turn of log.querySelectorAll(".turn")) turn.remove();
    root.classList.remove("talking");
    status.textContent = "";
    this.#setSend("ask");
    box.focus();
  }

  #setSend(what) {
    const { send } = this.#parts;
    const { texts } = this.#scene();
    send.ariaLabel = send.title = texts[what];
    send.replaceChildren(icon(ICONS[what]));
    send.classList.toggle("stop", what === "stop");
  }

  #grow() {
    const { box } = this.#parts;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  // Put the new card in place of the old; whoever stood on a link of it stands on the same link again.
  #keepFocus(place, card) {
    const links = () => [...place.querySelectorAll("a")];
    const stood = links().indexOf(this.shadowRoot.activeElement);
    place.replaceChildren(card);
    if (stood >= 0) (links()[stood] ?? this.#parts.box).focus();
  }

  #copier(answer) {
    const { texts } = this.#scene();
    // The clipboard is closed to pages that come over plain http.
    if (!navigator.clipboard) return "";
    const button = make("button", { type: "button", className: "copy" }, texts.copy);
    button.onclick = async () => {
      await navigator.clipboard.writeText(plainOf(answer, this.#scene())).then(
        () => (this.#parts.status.textContent = button.textContent = texts.copied), () => button.remove());
    };
    return button;
  }

  // Say kindly why there is no answer; what was checked and shown of it stays.
  #explain(error, question, place, stopped) {
    const { texts } = this.#scene();
    const { box, status } = this.#parts;
    const { kind = "failed", seconds = 0, detail = "" } = error instanceof Trouble ? error : {};
    const words = [stopped ? texts.stopped : texts[kind], detail, !stopped && seconds && texts.wait(seconds)].filter(Boolean).join(" ");
    const retry = make("button", { type: "button", className: "retry", disabled: !stopped && seconds > 0 }, texts.retry);
    retry.onclick = () => {
      box.focus();
      this.ask(question);
    };
    if (retry.disabled) this.#leave = setTimeout(() => (retry.disabled = false), seconds * 1000);
    if (!place.querySelector(".statement, li")) place.replaceChildren();
    else place.querySelector(".badge")?.remove();
    place.append(make("div", { className: "card trouble" }, make("p", { dir: "auto" }, words), kind === "wrong" ? "" : retry));
    if (kind === "wrong" && !box.value) {
      box.value = question;
      this.#grow();
    }
    status.textContent = words;
  }
}

// A language tag that Intl takes: the page's own may be anything.
const safeTag = (tag) => {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
};

// A frame asks the page around it, which answers {remit: "token", token}; only who may frame us gets this far.
const parentToken = () =>
  new Promise((resolve, reject) => {
    const done = (settle, value) => {
      removeEventListener("message", hear);
      clearTimeout(timer);
      settle(value);
    };
    const hear = ({ source, data }) => {
      if (source === parent && data?.remit === "token" && typeof data.token === "string") done(resolve, data.token);
    };
    const timer = setTimeout(() => done(reject, new Trouble("signin")), 5000);
    addEventListener("message", hear);
    parent.postMessage({ remit: "token?" }, "*");
  });

if (!customElements.get("remit-chat")) customElements.define("remit-chat", RemitChat);
