package retl.sql;

/** The words that mean something to the gate; every other word is {@link #OTHER}. */
enum Word {
  OTHER,

  SELECT,
  WITH,
  VALUES,
  TABLE,

  RECURSIVE,
  AS,
  NOT,
  MATERIALIZED,
  PROCEDURE,
  SEARCH,
  DEPTH,
  BREADTH,
  FIRST,
  BY,
  CYCLE,
  SET(true),
  TO,
  DEFAULT,
  USING,

  FROM,
  JOIN,
  LATERAL,
  IS,
  DISTINCT,
  WHERE,
  GROUP,
  HAVING,
  QUALIFY,
  ORDER,
  UNION,
  EXCEPT,
  INTERSECT,
  MINUS,
  LIMIT,
  OFFSET,

  INTO,
  FOR,
  SHARE,
  NO,
  KEY,
  IN,
  IDENTIFIER,

  INSERT(true),
  UPDATE(true),
  DELETE(true),
  MERGE(true),
  CALL(true),
  EXECUTE(true),
  IMMEDIATE,
  TRUNCATE(true),
  UPSERT(true),
  REPLACE(true),

  ABORT(true),
  ALTER(true),
  ANALYZE(true),
  ASYNC(true),
  ATTACH(true),
  AWAIT(true),
  BEGIN(true),
  CANCEL(true),
  CHECKPOINT(true),
  CLOSE(true),
  CLUSTER(true),
  COMMENT(true),
  COMMIT(true),
  COPY(true),
  CREATE(true),
  DEALLOCATE(true),
  DECLARE(true),
  DESC(true),
  DESCRIBE(true),
  DETACH(true),
  DISCARD(true),
  DO(true),
  DROP(true),
  END(true),
  EXPLAIN(true),
  FETCH(true),
  GET(true),
  GRANT(true),
  IMPORT(true),
  LIST(true),
  LISTEN(true),
  LOAD(true),
  LOCK(true),
  LS(true),
  MOVE(true),
  NOTIFY(true),
  PREPARE(true),
  PUT(true),
  REASSIGN(true),
  REFRESH(true),
  REINDEX(true),
  RELEASE(true),
  REMOVE(true),
  RESET(true),
  RETURN(true),
  REVOKE(true),
  RM(true),
  ROLLBACK(true),
  SAVEPOINT(true),
  SECURITY(true),
  SHOW(true),
  START(true),
  UNDROP(true),
  UNLISTEN(true),
  UNLOAD(true),
  UNSET(true),
  USE(true),
  VACUUM(true);

  private final boolean command;

  Word() {
    this(false);
  }

  Word(boolean command) {
    this.command = command;
  }

  /** Whether a statement that begins with it is something else than a query. */
  boolean isCommand() {
    return command;
  }
}
