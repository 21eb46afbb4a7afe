package retl.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  private final Ids ids = Ids.timeOrdered();

  @Test
  void makesIdsOfTheirTypeInOrderAndNeverTwice() {
    List<String> made = IntStream.range(0, 100_000).mapToObj(i -> ids.next("mdl")).toList();

    assertThat(made).allMatch(id -> Ids.isId(id, "mdl")).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void makesDifferentIdsOnSeveralThreads() {
    List<String> made =
        IntStream.range(0, 20_000).parallel().mapToObj(i -> ids.next("crd")).toList();

    assertThat(made).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mdl",
        "mdl_",
        "mdl_0123456789abcdefghijklmno",
        "mdl_0123456789abcdefghijklmnopq",
        "mdl-0123456789abcdefghijklmnop",
        "crd_0123456789abcdefghijklmnop",
        "mdl_0123456789ABCDEFGHIJKLMNOP",
        "mdl_0123456789abcdef#hijklmnop",
        "mdl_0123456789abcdefghijklmn p",
        "mdl_٠123456789abcdefghijklmnop",
      })
  void tellsOtherTextsFromIds(String text) {
    assertThat(Ids.isId(text, "mdl")).isFalse();
    assertThat(Ids.isId("mdl_0123456789abcdefghijklmnop", "mdl")).isTrue();
  }
}
