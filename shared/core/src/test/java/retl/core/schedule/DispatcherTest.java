package retl.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.validation.ValidationStore;

class DispatcherTest {
  private final List<List<Due>> batches = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 11, 25})
  void handsOverEverythingThatIsDueInFullBatches(int count) {
    int sent = dispatcher(count, 0).dispatch(7);

    assertThat(sent).isEqualTo(count);
    assertThat(batches.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(count);
    assertThat(batches).hasSize((count + 9) / 10).allMatch(batch -> batch.size() <= 10);
  }

  @Test
  void looksAgainWhereThatIsWanted() {
    dispatcher(1, 1).dispatch(7);

    assertThat(batches)
        .containsExactly(
            List.of(new Due("w", "slot 7 0", "p", 7), new Due("w", "again 7 0", "p", 7)));
  }

  private Dispatcher dispatcher(int inSlot, int again) {
    ScheduleStore store =
        new ScheduleStore() {
          @Override
          public void inSlot(int slot, long minute, Consumer<Due> each) {
            give("slot " + slot, minute, inSlot, each);
          }

          @Override
          public void againAt(long minute, Consumer<Due> each) {
            give("again " + minute, minute, again, each);
          }

          @Override
          public Optional<ValidationStore.Task> begin(Due due, ValidationStore.Task task) {
            return Optional.empty();
          }
        };
    return new Dispatcher(store, batches::add, new Slots(Slots.COUNT));
  }

  private static void give(String what, long minute, int count, Consumer<Due> each) {
    for (int i = 0; i < count; i++) {
      each.accept(new Due("w", what + " " + i, "p", minute));
    }
  }
}
