// Asks the gateway and shows what it says; every text goes in as text, never as markup.
"use strict";

const byId = (id) => document.getElementById(id);

const words = (answer) => {
  if (answer.error) return `No answer: ${answer.error}`;
  const { page_can_read: can, reason } = answer.verdict;
  const hint = answer.suggestion ? ` To let it pass: ${answer.suggestion.text}.` : "";
  return can ? "The page can read the answer." : `The page cannot read the answer (${reason}).${hint}`;
};

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
  byId("verdict").textContent = words(answer);
  byId("answer").textContent = JSON.stringify(answer, null, 2);
  byId("answer").hidden = false;
});

const show = ({ bucket, document: text }) => {
  const title = document.createElement("h3");
  title.textContent = bucket;
  const rules = document.createElement("pre");
  rules.tabIndex = 0;
  rules.textContent = text ?? "no CORS configuration";
  const use = document.createElement("button");
  use.type = "button";
  use.textContent = `Explain with the rules of ${bucket}`;
  use.disabled = text === null;
  use.addEventListener("click", () => {
    byId("document").value = text;
    byId("dialect").value = "";
    byId("origin").focus();
  });
  byId("buckets").append(title, rules, use);
};

fetch("/_cors/buckets")
  .then((response) => response.json())
  .then((answer) => {
    if (answer.error) throw new Error(answer.error);
    const more = answer.more > 0 ? `, and ${answer.more} more that are not shown` : "";
    byId("buckets-status").textContent = `${answer.buckets.length} shown${more}; dialect ${answer.dialect}.`;
    answer.buckets.forEach(show);
  })
  .catch((error) => {
    byId("buckets-status").textContent = `No list: ${error.message}`;
  });
