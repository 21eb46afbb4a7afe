package retl.tools.checksql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import retl.core.query.TextRange;

/** A text that is to be checked, or why it cannot be read. */
sealed interface Input {
  /** The gate's own limit, in bytes. */
  int LONGEST = 64 * 1024;

  /**
   * What was read.
   *
   * @param sql without a byte order mark; of a text that is too long, only so much that it is seen
   *     to be
   */
  record Text(String sql) implements Input {}

  /**
   * What cannot be read.
   *
   * @param at where it cannot be read
   */
  record Unreadable(String problem, TextRange at) implements Input {

    Unreadable(String problem) {
      this(problem, TextRange.of("", 0, 0));
    }
  }

  /** What a file holds. */
  static Input of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    } catch (IOException e) {
      return new Unreadable("The file cannot be read.");
    }
  }

  /** What a stream holds. */
  static Input of(InputStream in) throws IOException {
    // A text longer than that is refused, so the rest of it does not matter.
    byte[] bytes = in.readNBytes(LONGEST + 8);
    return decode(bytes, bytes.length < LONGEST + 8);
  }

  /**
   * The text that the bytes spell in UTF-8.
   *
   * @param whole whether they are not cut off, perhaps within a character
   */
  static Input decode(byte[] bytes, boolean whole) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, whole);
    String sql = text.flip().toString();
    if (sql.startsWith("\ufeff")) {
      sql = sql.substring(1);
    }
    return result.isError()
        ? new Unreadable("The text is not UTF-8.", TextRange.of(sql, sql.length(), 0))
        : new Text(sql);
  }

  /** The files themselves, and every {@code .sql} file below a folder, in order of its path. */
  static List<Path> files(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(below(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<Path> below(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isSql(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // A folder that cannot be read is a problem of its own, found when it is opened.
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  private static boolean isSql(Path path) {
    return Files.isRegularFile(path)
        && path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".sql");
  }
}
