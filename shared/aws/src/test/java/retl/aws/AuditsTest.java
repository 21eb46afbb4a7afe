package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Role;

class AuditsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private final Ids ids = Ids.timeOrdered();
  private final String model = ids.next("mdl");
  private final String other = ids.next("src");
  private Audits audits;
  private Caller admin;

  @BeforeEach
  void takeAWorkspace() {
    audits = new Audits(AWS.table());
    admin = Callers.of(AWS.workspace(), Role.ADMIN);
  }

  private Audit write(String at, String resource, String action) {
    Audit audit =
        new Audit(
            ids.next("aud"),
            Instant.parse(at),
            "tok_1",
            action,
            resource,
            List.of("name", "sql"),
            "req-1");
    new Transaction<Boolean>(AWS.table())
        .add(audits.insert(admin, audit), false)
        .run(audit.id(), true, null);
    return audit;
  }

  private List<Audit> list(@Nullable String resource) {
    return audits.list(admin, resource, new Page.Request(100, null)).items();
  }

  // Texts of times without and with fractions of a second do not stand in the order of the times.
  @Test
  void listsTheNewestFirst() {
    Audit first = write("2026-03-01T12:00:00Z", model, "model.created");
    Audit second = write("2026-03-01T12:00:00.120Z", other, "source.created");
    Audit third = write("2026-03-01T12:00:00.123456Z", model, "model.updated");

    assertThat(list(null)).containsExactly(third, second, first);
    assertThat(list(model)).containsExactly(third, first);
    assertThat(list(other)).containsExactly(second);
  }

  @Test
  void writesBothItemsOrNone() {
    write("2026-03-01T12:00:00Z", model, "model.created");

    assertThat(AWS.keys(admin.workspace()))
        .hasSize(2)
        .anyMatch(key -> key.startsWith("AUDIT#2026-03-01T12:00:00.000Z#aud_"))
        .anyMatch(key -> key.startsWith("AUDIT-OF#" + model + "#2026-03-01T12:00:00.000Z#aud_"));
  }

  @Test
  void turnsPagesToTheExactEnd() {
    IntStream.range(10, 22)
        .forEach(i -> write("2026-03-01T12:00:%dZ".formatted(i), model, "model.updated"));
    write("2026-03-01T12:01:00Z", other, "source.created");
    List<Integer> sizes = new ArrayList<>();
    List<Audit> all = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Audit> page = audits.list(admin, model, new Page.Request(4, after));
      sizes.add(page.items().size());
      all.addAll(page.items());
      after = page.next();
    } while (after != null);

    assertThat(sizes).containsExactly(4, 4, 4);
    assertThat(all).isEqualTo(list(model)).hasSize(12);
    assertThat(list(null)).hasSize(13);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_", "mdl_", "none", "#", "mdl_0123456789abcdefghijklmnop"})
  void findsNothingOfWhatIsNoResource(String resource) {
    write("2026-03-01T12:00:00Z", model, "model.created");

    assertThat(list(resource)).isEmpty();
    assertThat(list(model + "#")).isEmpty();
    assertThat(list(model.substring(0, 20))).isEmpty();
    assertThat(list(resource + "x".repeat(3000))).isEmpty();
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    write("2026-03-01T12:00:00Z", model, "model.created");
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    assertThat(audits.list(stranger, null, new Page.Request(10, null)).items()).isEmpty();
    assertThat(audits.list(stranger, model, new Page.Request(10, null)).items()).isEmpty();
  }
}
