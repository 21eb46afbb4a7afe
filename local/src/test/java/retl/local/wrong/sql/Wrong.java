package retl.local.wrong.sql;

/** Knows a module that is not core. */
public record Wrong(retl.local.wrong.aws.Wrong aws) {}
