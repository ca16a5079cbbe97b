/* A new document: Alt N on a list opens the page that asks for the vendor; there a look-up finds it. */

import { t } from "../js/desk.js";
import { wireLookups } from "../review/lookup.js";

const link = document.getElementById("new");
addEventListener("keydown", (event) => {
  if (link && event.altKey && event.key.toLowerCase() === "n" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    location.assign(link.href);
  }
});

const form = document.getElementById("new-document");
if (form) {
  const field = document.getElementById("f-vendor");
  wireLookups(document, {
    texts: { nothing_found: t("card.nothing_found") },
    address: () => "/api/lookup/card-vendors?",
    choose: (element, option) => {
      form.elements.vendor_no.value = option.value;
      element.value = option.kind ? `${option.value} ${option.name}` : option.name;
      element.defaultValue = element.value;
      form.querySelector("button.primary").focus();
    },
  });
  field.focus();
}
