// What everybody may see.
export default [
  { route: "/", path: "/", as: ["public", "secretariat", "funder"], shot: "region" },
  { route: "/accessibility", path: "/accessibility", as: ["public"] },
  { route: "(none)", path: "/there-is-no-such-page", as: ["public"], status: 404 },
];
