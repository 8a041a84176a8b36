// What makes the pages quicker to work with where a browser runs scripts. Every page does its work without it.
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { scrolling } from "./scrolling.js";
import { growing } from "./growing.js";
import { keeping } from "./keeping.js";
import { once } from "./once.js";
import { revealing } from "./revealing.js";
import { uploading } from "./uploading.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

for (const Component of [ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    new Component(element);
  }
}

scrolling();
once();
revealing();
growing();
keeping();
uploading();
for (const select of document.querySelectorAll("select[data-goes]")) {
  // A choice that shows another page goes there by itself; without this, the button beside it does.
  select.addEventListener("change", () => select.form.requestSubmit());
}
