package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Ids;
import retl.core.schedule.Due;
import retl.core.schedule.DueQueue;

/** What is sent to the queue of due validations, and what its function is handed. */
class DueQueueTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private final Ids ids = Ids.timeOrdered();
  private DueQueue queue;
  private String workspace;

  @BeforeEach
  void takeAWorkspace() {
    Environment environment = new Environment(AWS.environment());
    queue = new Clients(environment).dueQueue(environment.get(Environment.VALIDATION_QUEUE));
    workspace = AWS.workspace();
  }

  private Due due(String place, long minute) {
    return new Due(workspace, ids.next("crd"), place, minute);
  }

  @Test
  void handsOverWhatWasSentInTheOrderOfEachPlace() {
    List<Due> first = IntStream.range(0, 10).mapToObj(i -> due("a.example.com", i)).toList();
    List<Due> second = IntStream.range(10, 20).mapToObj(i -> due("a.example.com", i)).toList();

    queue.send(first);
    queue.send(second);

    List<String> messages = AWS.messages(workspace);
    assertThat(messages).hasSize(20);
    for (int i = 0; i < 10; i++) {
      assertThat(messages.get(i)).contains(first.get(i).credentialId());
      assertThat(messages.get(10 + i)).contains(second.get(i).credentialId());
    }
  }

  @Test
  void handsOverOnceWhatIsSentAgain() {
    Due due = due("a.example.com", 7);
    Due inTheNextMinute = new Due(workspace, due.credentialId(), due.place(), 8);

    queue.send(List.of(due));
    queue.send(List.of(due, inTheNextMinute));

    assertThat(AWS.messages(workspace))
        .hasSize(2)
        .allMatch(message -> message.contains(due.credentialId()));
  }

  @Test
  void takesPlacesOfAnyLengthAndLanguage() {
    queue.send(List.of(due("a".repeat(250) + ".example.com", 7), due("müller.example.com", 7)));

    assertThat(AWS.messages(workspace))
        .hasSize(2)
        .anyMatch(message -> message.contains("müller.example.com"));
  }
}
