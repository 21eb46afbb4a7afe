package retl.local.wrong.standins;

/** Knows the service. */
public record Wrong(retl.local.wrong.core.Wrong core) {}
