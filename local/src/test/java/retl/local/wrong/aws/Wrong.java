package retl.local.wrong.aws;

/** Knows a module that is not core, and JDBC. */
public record Wrong(retl.local.wrong.api.Wrong api, java.sql.Connection jdbc) {}
