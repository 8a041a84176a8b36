// Starts GraphiQL against the gateway on this very host. Nothing is loaded from anywhere else.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import React from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";

const workers = {
  json: "json.worker.js",
  graphql: "graphql.worker.js",
};

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => new Worker(`/graphiql/${workers[label] ?? "editor.worker.js"}`),
};

const socket = new URL("/graphql", location.href);
socket.protocol = location.protocol === "https:" ? "wss:" : "ws:";

// Whoever is signed in asks as themselves. The header shows that no other site sent the request with their cookie.
const headers = { "x-compacts-csrf": "1" };
const fetcher = createGraphiQLFetcher({ url: "/graphql", subscriptionUrl: socket.href, headers });

const firstQuery = `# The compacts, each with its first commitments.
{
  compacts {
    nodes {
      name
      area
      commitments(first: 3) {
        nodes { session ref title status }
      }
    }
  }
}
`;

// A link may bring a question along: /graphiql?query=...
const linked = new URLSearchParams(location.search).get("query");

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL fetcher={fetcher} defaultQuery={firstQuery} initialQuery={linked ?? undefined}
    shouldPersistHeaders={false} />,
);
