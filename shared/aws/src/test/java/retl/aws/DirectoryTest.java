package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.Page;

class DirectoryTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Table.@Nullable Filter RARE = Table.Filter.equal("colour", "red");

  private static String workspace;

  /** 450 names, which no test changes; of the 400th on every tenth is red. */
  @BeforeAll
  static void takeAWorkspaceWithNames() {
    workspace = AWS.workspace();
    IntStream.range(0, 450).forEach(DirectoryTest::write);
  }

  private static void write(int number) {
    String name = "n%03d".formatted(number);
    String colour = number >= 400 && number % 10 == 0 ? "red" : "blue";
    new Transaction<Boolean>(AWS.table())
        .add(
            AWS.table()
                .insert(
                    workspace,
                    Table.nameKey("THING", name),
                    Item.empty().text("id", name).text("colour", colour)),
            false)
        .add(AWS.table().insert(workspace, "THING#" + name, Item.empty().text("name", name)), false)
        .run("write-" + workspace.hashCode() + name, true, null);
  }

  private List<List<String>> pages(int most, int limit, Table.@Nullable Filter filter) {
    Directory directory = new Directory(AWS.table(), "THING", most);
    List<List<String>> pages = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Item> page =
          directory.page(
              workspace, null, filter, new Page.Request(limit, after), id -> "THING#" + id);
      pages.add(page.items().stream().map(row -> row.text("name")).toList());
      after = page.next();
    } while (after != null);
    return pages;
  }

  @Test
  void aPageThatFindsTooLittleEndsAndTheNextGoesOn() {
    List<List<String>> pages = pages(160, 25, RARE);

    assertThat(pages)
        .containsExactly(List.of(), List.of(), List.of("n400", "n410", "n420", "n430", "n440"));
  }

  @ParameterizedTest
  @CsvSource({"10000, 3", "10000, 1", "450, 3", "451, 4", "200, 2", "7, 1", "1, 1"})
  void findsEachOnceHoweverMuchAPageMayLookAt(int most, int limit) {
    List<List<String>> pages = pages(most, limit, RARE);

    assertThat(pages.stream().flatMap(List::stream))
        .containsExactly("n400", "n410", "n420", "n430", "n440");
    assertThat(pages).allMatch(page -> page.size() <= limit);
  }

  @Test
  void fillsEveryPageWhenNothingIsLeftOut() {
    assertThat(pages(10_000, 100, null))
        .extracting(List::size)
        .containsExactly(100, 100, 100, 100, 50);
    assertThat(pages(10_000, 90, null)).extracting(List::size).containsExactly(90, 90, 90, 90, 90);
  }
}
