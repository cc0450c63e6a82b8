// Without this file the page works; with it a new answer is read from its beginning, by eye and by screen reader.
(() => {
  let shown = 0;
  const settle = (chat) => {
    // Gradio labels every message with its source; for a card that would be HTML read aloud.
    for (const message of chat.querySelectorAll("[data-testid][aria-label*='message']")) {
      message.removeAttribute("aria-label");
    }
    const log = chat.querySelector("[role=log]");
    const questions = chat.querySelectorAll(".rm-question");
    if (log && questions.length > shown) {
      const latest = questions[questions.length - 1];
      log.scrollTop += latest.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
    }
    shown = questions.length;
  };
  const watch = () => {
    const chat = document.getElementById("rm-chat");
    if (!chat) return setTimeout(watch, 100);
    new MutationObserver(() => settle(chat)).observe(chat, { childList: true, subtree: true });
    settle(chat);
  };
  watch();
})();
