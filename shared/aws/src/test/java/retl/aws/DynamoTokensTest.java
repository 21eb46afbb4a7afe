package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.token.Grant;
import retl.core.token.Token;
import retl.core.token.TokenStore.Kept;
import retl.core.token.Tokens;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoTokensTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Caller ADMIN = Callers.of("ws1", Role.ADMIN);

  private final Ids ids = Ids.timeOrdered();
  private final DynamoTokens store =
      new DynamoTokens(AWS.table(), new Receipts(AWS.table(), Clock.systemUTC()));

  private Kept kept(String workspace, @Nullable Instant expiresAt) {
    return new Kept(
        new Grant(
            ids.next("tok").substring(4),
            workspace,
            "ci",
            Role.EDITOR,
            TestClock.START,
            "tok_1",
            expiresAt,
            null),
        "00ff");
  }

  private Audit audit() {
    return Audit.of(ADMIN, ids, TestClock.START, "token.test", "tok_1", List.of());
  }

  @Test
  void readsBackWhatItKeeps() {
    Kept expiring = kept("ws1", TestClock.START);
    Kept lasting = kept("ws2", null);

    store.create(expiring, audit(), null);
    store.create(lasting, audit(), null);

    assertThat(store.find(expiring.grant().tokenId())).contains(expiring);
    assertThat(store.find(lasting.grant().tokenId())).contains(lasting);
    assertThat(store.find("0".repeat(26))).isEmpty();
  }

  @Test
  void notesAUseUnlessTheTokenIsGoneOrMovedOn() {
    Kept first = kept("ws3", null);
    store.create(first, audit(), null);

    store.noteUse(first, "11ee", TestClock.START);
    store.noteUse(first, "22dd", TestClock.START.plusSeconds(9));
    store.noteUse(kept("ws3", null), "33cc", TestClock.START);

    Kept seen = store.find(first.grant().tokenId()).orElseThrow();
    assertThat(seen.hash()).isEqualTo("11ee");
    assertThat(seen.grant().lastUsedAt()).isEqualTo(TestClock.START);
  }

  @Test
  void deletesAndListsInTheCallersWorkspaceOnly() {
    Kept foreign = kept("ws4", null);
    store.create(foreign, audit(), null);
    Caller owner = Callers.of("ws4", Role.ADMIN);
    Caller stranger = Callers.of("ws5", Role.ADMIN);
    Page.Request page = new Page.Request(25, null);

    assertThat(store.delete(stranger, foreign.grant().tokenId(), audit())).isFalse();
    assertThat(store.list(stranger, page).items()).isEmpty();
    assertThat(store.list(owner, page).items()).containsExactly(foreign.grant());
    assertThat(store.delete(owner, foreign.grant().tokenId(), audit())).isTrue();
    assertThat(store.find(foreign.grant().tokenId())).isEmpty();
    assertThat(store.list(owner, page).items()).isEmpty();
  }

  @Test
  void holdsATokenWithoutItsSecret() {
    Tokens tokens =
        new Tokens(
            store,
            new SecretKeys(AWS::secretsManager, "retl/keys", Clock.systemUTC()),
            Ids.timeOrdered(),
            Clock.systemUTC());

    Token token = tokens.issue("ws1", Role.VIEWER, null);

    assertThat(tokens.authenticate("Bearer " + token.reveal()))
        .map(Grant::workspace)
        .contains("ws1");
    Map<String, AttributeValue> item =
        AWS.table()
            .dynamo()
            .getItem(
                get ->
                    get.tableName(AWS.table().name())
                        .key(
                            Map.of(
                                "PK", AttributeValue.fromS("TOKEN#" + token.id()),
                                "SK", AttributeValue.fromS("TOKEN#" + token.id()))))
            .item();
    assertThat(item).isNotEmpty();
    assertThat(item.toString()).doesNotContain(token.secret(), token.reveal());
  }
}
