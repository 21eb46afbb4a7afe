package retl.tools.checksql;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.query.QueryGate;
import retl.core.query.TableName;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/** Questions and answers of the gate, one JSON object a line. */
final class JsonLines {
  /** In bytes: JSON can spell each byte of the longest text in six, and there is more in a line. */
  static final int LONGEST = 8 * Input.LONGEST;

  private final QueryGate gate;
  private final Warehouse dialect;

  /** Without letters beyond ASCII, so that the answer is the same in every encoding. */
  private final JSON json =
      JSON.builder(
              new JsonFactoryBuilder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, true).build())
          .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
          .build();

  /**
   * @param dialect of the questions that do not name their own
   */
  JsonLines(QueryGate gate, Warehouse dialect) {
    this.gate = gate;
    this.dialect = dialect;
  }

  /** An answer, and whether it accepts. */
  record Answer(String json, boolean accepted) {}

  /** Answers {@code {"id", "sql", "dialect"?}}; a line that is no such object is refused. */
  Answer answer(byte[] line) {
    if (line.length > LONGEST) {
      return unreadable(null, "too_long", "The line is longer than 512 KiB.");
    }
    return switch (Input.decode(line, true)) {
      case Input.Unreadable(var problem, var at) -> unreadable(null, "unreadable", problem);
      case Input.Text(var text) -> answer(text);
    };
  }

  private Answer answer(String line) {
    Map<String, Object> question;
    try (JsonParser parser = json.createParser(line)) {
      question = json.mapFrom(parser);
      if (question == null || parser.nextToken() != null) {
        return unreadable(null, "malformed_json", "The line is no JSON object.");
      }
    } catch (IOException e) {
      return unreadable(null, "malformed_json", "The line is no JSON object.");
    }
    Object id = question.get("id");
    if (!(question.get("sql") instanceof String sql)) {
      return unreadable(id, "missing", "The object has no text \"sql\".");
    }
    Object name = question.get("dialect");
    Optional<Warehouse> own =
        name == null ? Optional.of(dialect) : Warehouse.of(String.valueOf(name));
    return own.map(warehouse -> judge(id, sql, warehouse))
        .orElseGet(() -> unreadable(id, "invalid", "There is no such dialect."));
  }

  /** What the gate says of a file, whose path is the id. */
  Answer answer(Path file) {
    return switch (Input.of(file)) {
      case Input.Unreadable(var problem, var at) ->
          refused(file.toString(), "unreadable", problem, at);
      case Input.Text(var sql) -> judge(file.toString(), sql, dialect);
    };
  }

  private Answer judge(@Nullable Object id, String sql, Warehouse warehouse) {
    long start = System.nanoTime();
    Verdict verdict = gate.judge(sql, warehouse);
    long micros = (System.nanoTime() - start) / 1_000;
    return switch (verdict) {
      case Verdict.Accepted(var query) -> {
        List<String> tables = query.lineage().tables().stream().map(TableName::toString).toList();
        Map<String, @Nullable Object> answer = answer(id, "accepted", null, null, null);
        yield new Answer(write(answer, query.lineage().parsed(), tables, micros), true);
      }
      case Verdict.Refused(var kind, var reason, var message, var at) -> {
        Map<String, @Nullable Object> answer = answer(id, "refused", reason, message, at);
        yield new Answer(write(answer, false, List.of(), micros), false);
      }
    };
  }

  /** The answer to what is no question. */
  Answer unreadable(@Nullable Object id, String code, String message) {
    return refused(id, code, message, null);
  }

  private Answer refused(@Nullable Object id, String code, String message, @Nullable TextRange at) {
    return new Answer(write(answer(id, "refused", code, message, at), false, List.of(), 0), false);
  }

  private static Map<String, @Nullable Object> answer(
      @Nullable Object id,
      String verdict,
      @Nullable String code,
      @Nullable String message,
      @Nullable TextRange at) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", id);
    answer.put("verdict", verdict);
    answer.put("code", code);
    answer.put("message", message);
    answer.put("line", at == null ? null : at.line());
    answer.put("column", at == null ? null : at.column());
    answer.put("offset", at == null ? null : at.offset());
    return answer;
  }

  private String write(
      Map<String, @Nullable Object> answer, boolean parsed, List<String> tables, long micros) {
    answer.put("parsed", parsed);
    answer.put("tables", tables);
    answer.put("micros", micros);
    try {
      return json.asString(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be written.", e);
    }
  }
}
