package retl.tools.checksql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
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
          json
              ? checkAsJson(new JsonLines(gate, dialect), dialect, out)
              : check(gate, dialect, out);
      out.flush();
      return fine ? 0 : 1;
    }
  }

  // For people

  private boolean check(SqlGate gate, Warehouse warehouse, PrintWriter out) throws IOException {
    if (paths.isEmpty()) {
      return check(gate, warehouse, "<stdin>", in.readAllBytes(), out);
    }
    boolean fine = true;
    for (Path file : Input.files(paths)) {
      try {
        fine &= check(gate, warehouse, file.toString(), Files.readAllBytes(file), out);
      } catch (IOException e) {
        out.println(file + ":1:1: unreadable: The file cannot be read.");
        fine = false;
      }
    }
    return fine;
  }

  private static boolean check(
      SqlGate gate, Warehouse warehouse, String name, byte[] bytes, PrintWriter out) {
    String sql;
    try {
      sql = Input.decode(bytes);
    } catch (CharacterCodingException e) {
      out.println(name + ":1:1: unreadable: The text is not UTF-8.");
      return false;
    }
    if (gate.judge(sql, warehouse) instanceof Verdict.Refused refused) {
      out.printf(
          "%s:%d:%d: %s: %s%n",
          name, refused.at().line(), refused.at().column(), refused.reason(), refused.message());
      return false;
    }
    return true;
  }

  // For programs

  private boolean checkAsJson(JsonLines lines, Warehouse warehouse, PrintWriter out)
      throws IOException {
    boolean fine = true;
    if (paths.isEmpty()) {
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          fine &= print(lines.answer(line), out);
        }
      }
      return fine;
    }
    for (Path file : Input.files(paths)) {
      String sql = Input.decode(Files.readAllBytes(file));
      fine &= print(lines.judge(file.toString(), sql, warehouse), out);
    }
    return fine;
  }

  private static boolean print(JsonLines.Answer answer, PrintWriter out) {
    out.println(answer.json());
    return answer.accepted();
  }
}
