//! Pages: a client of the GraphQL schema.
