package retl.core.query;

/** A column of a table that a query reads, both folded as {@link TableName} says. */
public record SourceColumn(TableName table, String name) {}
