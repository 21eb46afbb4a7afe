package retl.functions.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retl.api.TestContext;
import retl.core.job.Job;

/** What a job finds in the folders of the worker, and what the next one finds. */
class ScratchTest {
  @TempDir private Path outside;
  private Path folder;
  private Scratch scratch;

  @BeforeEach
  void takeOver() throws IOException {
    folder = outside.resolve("worker");
    Files.createDirectories(folder.resolve("tmp"));
    // A file that the Redshift driver would take properties from.
    Files.writeString(folder.resolve("tmp/rsjdbc.ini"), "ssl=false");
    scratch = Scratch.in(folder);
  }

  private static List<String> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.skip(1).map(each -> folder.relativize(each).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeAsDriversDo(Path folder) {
    try {
      Files.writeString(folder.resolve("tmp/snowflake_jdbc.log"), "a secret");
      Files.createDirectories(folder.resolve("home/.snowflake/cache"));
      Files.writeString(folder.resolve("home/.snowflake/cache/token"), "a token");
      Files.createSymbolicLink(folder.resolve("tmp/link"), folder.resolveSibling("kept"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(Consumer<Job> work) throws IOException {
    JobHandler handler =
        new JobHandler("worker", scratch) {
          @Override
          void run(Job job) {
            work.accept(job);
          }
        };
    byte[] event = "{\"workspace\":\"ws1\",\"id\":\"prv_1\"}".getBytes(UTF_8);
    handler.handleRequest(
        new ByteArrayInputStream(event), OutputStream.nullOutputStream(), new TestContext());
  }

  @Test
  void everyJobFindsBothFoldersEmpty() throws IOException {
    Files.createDirectory(outside.resolve("kept"));
    Files.writeString(outside.resolve("kept/file"), "not of the job");
    List<List<String>> found = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      handle(
          job -> {
            found.add(filesIn(folder));
            writeAsDriversDo(folder);
          });
    }

    assertThat(found).containsOnly(List.of("home", "tmp")).hasSize(3);
    assertThat(filesIn(folder)).containsExactly("home", "tmp");
    assertThat(outside.resolve("kept/file")).exists();
  }

  @Test
  void aJobThatFailsLeavesNothingEither() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                handle(
                    job -> {
                      writeAsDriversDo(folder);
                      throw new IllegalArgumentException("a bug");
                    }));

    assertThat(filesIn(folder)).containsExactly("home", "tmp");
  }

  /** The control: without the folder, what a job writes stays. */
  @Test
  void leavesFoldersAloneThatItWasNotGiven() throws IOException {
    scratch = Scratch.none();

    handle(job -> writeAsDriversDo(folder));

    assertThat(filesIn(folder)).contains("home/.snowflake/cache/token");
  }
}
