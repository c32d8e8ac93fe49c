package example;

/** What the broker is told of a request; contentType is null where it has none. */
record ToldRequest(String method, String targetUri, byte[] body, String contentType, String proof) {}
