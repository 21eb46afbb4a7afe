package retl.core;

/** A source that uses a model, for those who may not delete it. */
public record SourceUse(String sourceId, String name) {}
