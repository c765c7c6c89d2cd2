/* What makes pages smoother; each works without it. */
"use strict";
(() => {
  const hear = document.addEventListener.bind(document);
  const on = (event, selector, act) => hear(event, (e) => {
    const hit = e.target.closest && e.target.closest(selector);
    if (hit) act(hit, e);
  });

  // The token for HTMX posts from buttons outside a form: from any form on the page.
  hear("htmx:configRequest", (e) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (token && e.detail.verb !== "get") e.detail.headers["X-CSRFToken"] = token[1];
  });
  // What was unfolded and has an id is so again when its part of the page is drawn anew.
  let unfolded = [];
  const lost = () => toast(document.body.dataset.lost);
  hear("htmx:beforeSwap", ({ detail }) => {
    unfolded = [...detail.target.querySelectorAll("details[open][id]")].map((box) => box.id);
    // Ours says where it goes; a proxy's own 502 does not, and is no part of a page.
    if (detail.xhr.status > 499 && !detail.xhr.getResponseHeader("HX-Retarget")) {
      detail.shouldSwap = false; lost();
    }
  });
  hear("htmx:afterSwap", () => {
    for (const id of unfolded) { const box = document.getElementById(id); if (box) box.open = true; }
  });
  hear("htmx:sendError", lost);

  // Dialogs: a link with data-dialog opens; data-close, Escape and the backdrop close.
  on("click", "[data-dialog]", (link, e) => {
    const box = document.querySelector(link.getAttribute("href") || `#${link.dataset.dialog}`);
    if (box && box.showModal) { e.preventDefault(); box.showModal(); }
  });
  on("click", "dialog [data-close]", (link, e) => {
    const box = link.closest("dialog");
    if (box.open) { e.preventDefault(); box.close(); }
  });
  on("click", "dialog", (box, e) => { if (e.target === box) box.close(); });

  // Menus (details.menu): one open at a time, closed by Escape or a click elsewhere.
  hear("click", (e) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(e.target)) menu.open = false;
    });
  });
  hear("keydown", (e) => {
    if (e.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // Toasts leave after 8 s unless somebody is at them.
  function retire(box) {
    setTimeout(() => (box.matches(":hover, :focus-within") ? retire(box) : box.remove()), 8000);
  }
  function toast(text) {
    if (!text) return;
    const box = document.createElement("p");
    box.className = "toast";
    box.textContent = text;
    document.getElementById("toasts").append(box);
    retire(box);
  }
  const seen = (root) => root.querySelectorAll(".toast").forEach(retire);
  hear("htmx:load", (e) => seen(e.target));

  // Drafts: <form data-autosave="/draft/" data-saved="Saved"> posts itself 2 s after the last key.
  on("input", "form[data-autosave]", (form) => {
    clearTimeout(form.autosave);
    form.autosave = setTimeout(async () => {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      const sign = form.querySelector(".saved");
      const answer = await fetch(form.dataset.autosave, { method: "POST", body }).catch(() => null);
      if (sign) sign.textContent = answer && answer.ok ? form.dataset.saved : form.dataset.unsaved || "";
    }, 2000);
  });
  // A form that saves itself is handed in when its last save is answered: its version is in there.
  on("submit", "form[hx-trigger^=input].htmx-request", (form, e) => {
    e.preventDefault();
    form.addEventListener("htmx:afterRequest", () => form.requestSubmit(e.submitter), { once: true });
  });
  // A slider of steps: the word of its step, beside it and for who hears it.
  const say = (slider) => {
    const box = slider.closest(".scale"), said = box.querySelector("output");
    box.querySelectorAll("li").forEach((word, n) => {
      if (word.classList.toggle("now", n === slider.value - 1)) said.textContent = word.textContent;
    });
    said.hidden = false;
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  on("input", ".scale input", say);
  on("click", ".scale li", (word) => {
    const slider = word.closest(".scale").querySelector("input");
    slider.value = [...word.parentNode.children].indexOf(word) + 1;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // Not sooner: by then the browser has brought back what was chosen.
  addEventListener("pageshow", () => document.querySelectorAll(".scale input").forEach(say));
  // Filters: <form data-autosubmit> is sent when a choice changes.
  on("change", "form[data-autosubmit]", (form) => form.requestSubmit());

  addEventListener("DOMContentLoaded", () => {
    seen(document);
    const errors = document.getElementById("form-errors");
    if (errors && !errors.closest("[data-still]")) errors.focus();
  });
})();
