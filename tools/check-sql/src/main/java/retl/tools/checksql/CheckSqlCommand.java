package retl.tools.checksql;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;
import retl.sql.SqlGate;

/**
 * Checks model queries without a warehouse. Ends with 0 when all are fine, with 1 when one is
 * refused or cannot be read, and with 2 when it is called in a wrong way.
 */
@Command(
    name = "check-sql",
    mixinStandardHelpOptions = true,
    description = {
      "Checks that each file is exactly one read-only query.",
      "Prints one line for each that is not: file:line:column: code: message",
      "Without files it reads one query from the standard input; with --json, one JSON object"
          + " {\"id\", \"sql\"} a line, and answers in the same order."
    })
public final class CheckSqlCommand implements Callable<Integer> {

  @Option(
      names = "--dialect",
      required = true,
      paramLabel = "DIALECT",
      converter = Dialects.class,
      description = "snowflake, redshift or postgres.")
  private @Nullable Warehouse dialect;

  @Option(names = "--json", description = "Answer with one JSON object a line.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "Files, or folders with .sql files.")
  private List<Path> paths = new ArrayList<>();

  @Spec private @Nullable CommandSpec spec;

  private final InputStream in;

  /** Reads from the process's standard input. */
  public CheckSqlCommand() {
    this(System.in);
  }

  CheckSqlCommand(InputStream in) {
    this.in = in;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CheckSqlCommand()).execute(args));
  }

  /** The wire names of the warehouses, as an option's values. */
  static final class Dialects implements CommandLine.ITypeConverter<Warehouse> {
    @Override
    public Warehouse convert(String value) {
      return Warehouse.of(value)
          .orElseThrow(
              () ->
                  new CommandLine.TypeConversionException(
                      "'" + value + "' is none of snowflake, redshift and postgres"));
    }
  }

  @Override
  public Integer call() throws IOException {
    if (spec == null || dialect == null) {
      throw new IllegalStateException("Called without a command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (SqlGate gate = new SqlGate()) {
      boolean fine =
          json ? checkAsJson(new JsonLines(gate, dialect), out) : check(gate, dialect, out);
      out.flush();
      return fine ? 0 : 1;
    }
  }

  // For people

  private boolean check(SqlGate gate, Warehouse warehouse, PrintWriter out) throws IOException {
    if (paths.isEmpty()) {
      return check(gate, warehouse, "<stdin>", standardInput(), out);
    }
    boolean fine = true;
    for (Path file : Input.files(paths)) {
      fine &= check(gate, warehouse, file.toString(), Input.of(file), out);
    }
    return fine;
  }

  private Input standardInput() {
    try {
      return Input.of(in);
    } catch (IOException e) {
      return new Input.Unreadable("The input cannot be read.");
    }
  }

  private static boolean check(
      SqlGate gate, Warehouse warehouse, String name, Input input, PrintWriter out) {
    return switch (input) {
      case Input.Unreadable(var problem, var at) -> {
        print(name, at, "unreadable", problem, out);
        yield false;
      }
      case Input.Text(var sql) ->
          switch (gate.judge(sql, warehouse)) {
            case Verdict.Accepted _ -> true;
            case Verdict.Refused(var kind, var reason, var message, var at) -> {
              print(name, at, reason, message, out);
              yield false;
            }
          };
    };
  }

  /** One line, whatever the name of the file or the query that the message quotes holds. */
  private static void print(
      String name, TextRange at, String code, String message, PrintWriter out) {
    String line = "%s:%d:%d: %s: %s".formatted(name, at.line(), at.column(), code, message);
    out.println(line.replaceAll("\\p{Cntrl}", " "));
  }

  // For programs

  private boolean checkAsJson(JsonLines lines, PrintWriter out) throws IOException {
    if (paths.isEmpty()) {
      return answerLines(lines, out);
    }
    boolean fine = true;
    for (Path file : Input.files(paths)) {
      fine &= print(lines.answer(file), out);
    }
    return fine;
  }

  private boolean answerLines(JsonLines lines, PrintWriter out) {
    Lines input = new Lines(in, JsonLines.LONGEST);
    boolean fine = true;
    try {
      for (byte[] line = input.next(); line != null; line = input.next()) {
        fine &= print(lines.answer(line), out);
      }
      return fine;
    } catch (IOException e) {
      return print(lines.unreadable(null, "unreadable", "The input cannot be read."), out);
    }
  }

  private static boolean print(JsonLines.Answer answer, PrintWriter out) {
    out.println(answer.json());
    return answer.accepted();
  }
}
