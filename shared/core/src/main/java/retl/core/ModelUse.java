package retl.core;

/** A model that uses credentials, for those who may not delete them. */
public record ModelUse(String modelId, String name) {}
