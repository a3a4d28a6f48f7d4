// Asks the gateway and shows what it says; every text goes in as text, never as markup.
"use strict";

const byId = (id) => document.getElementById(id);

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = {
    document: byId("document").value,
    dialect: byId("dialect").value,
    origin: byId("origin").value,
    method: byId("method").value,
    headers: byId("headers").value.split("\n").filter((line) => line.trim() !== ""),
    credentials: byId("credentials").checked,
  };
  let answer;
  try {
    const response = await fetch("/_cors/explain", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
    });
    answer = await response.json();
  } catch (error) {
    answer = { error: String(error) };
  }
  showAnswer(answer);
});

const showAnswer = (answer) => {
  const can = !answer.error && answer.verdict.page_can_read;
  byId("verdict").textContent = words(answer);
  byId("verdict").className = can ? "yes" : "no";
  byId("result").hidden = Boolean(answer.error);
  if (answer.error) return;
  byId("rules").replaceChildren(...answer.rules.map((rule) => {
    const item = document.createElement("li");
    item.textContent = wordsOfRule(rule);
    return item;
  }));
  const sent = [answer.preflight, can || !isOfPreflight(answer.verdict.reason) ? answer.actual : null];
  byId("exchanges").textContent = sent.filter(Boolean).map(wordsOfExchange).join("\n\n");
  byId("answer").textContent = JSON.stringify(answer, null, 2);
};

const words = (answer) => {
  if (answer.error) return `No answer: ${answer.error}`;
  const { page_can_read: can, reason } = answer.verdict;
  if (!can) {
    const hint = answer.suggestion ? ` To allow it: ${answer.suggestion.text}.` : "";
    return `The page cannot read the response (${reason}).${hint}`;
  }
  return `The page can read the response, by rule ${(answer.preflight ?? answer.actual).rule + 1}.`;
};

const isOfPreflight = (reason) => /^(preflight_|method_not_allowed|header_not_allowed)/.test(reason);

const wordsOfRule = (rule) => {
  const parts = [
    rule.origin_matched === null ? "origin does not match" : `origin matches ${rule.origin_matched}`,
    rule.method_matched ? "method allowed" : "method not allowed",
    rule.header_refused === null ? "headers allowed" : `header ${rule.header_refused} not allowed`,
  ];
  return `${rule.matches ? "matches" : "does not match"}: ${parts.join(", ")}`;
};

const wordsOfExchange = ({ request, status, error, headers }) => [
  `> ${request.method}`,
  `> Origin: ${request.origin}`,
  ...Object.entries(request)
    .filter(([name]) => name.startsWith("access_control"))
    .map(([name, value]) => `> ${name.replaceAll("_", "-")}: ${value}`),
  ...(status === null ? [] : [`< ${status}`]),
  ...(error === null ? [] : [`< ${error.code}: ${error.message}`]),
  ...(headers.length === 0 ? ["< no CORS headers"] : headers.map(([name, value]) => `< ${name}: ${value}`)),
].join("\n");

const showBucket = ({ bucket, document: text }) => {
  // White space between elements means nothing in a document.
  const lines = text?.replaceAll("><", ">\n<");
  const title = document.createElement("h3");
  title.textContent = bucket;
  const rules = document.createElement("pre");
  rules.tabIndex = 0;
  rules.textContent = lines ?? "no CORS configuration";
  byId("buckets").append(title, rules);
  if (text === null) return;
  const use = document.createElement("button");
  use.type = "button";
  use.textContent = `Explain with the rules of ${bucket}`;
  use.addEventListener("click", () => {
    byId("document").value = lines;
    byId("dialect").value = "";
    byId("origin").focus();
  });
  byId("buckets").append(use);
};

fetch("/_cors/buckets")
  .then((response) => response.json())
  .then((answer) => {
    if (answer.error) throw new Error(answer.error);
    const more = answer.more > 0 ? `, and ${answer.more} more that are not shown` : "";
    byId("buckets-status").textContent = `${answer.buckets.length} shown${more}; dialect ${answer.dialect}.`;
    answer.buckets.forEach(showBucket);
  })
  .catch((error) => {
    byId("buckets-status").textContent = `No list: ${error.message}`;
  });
