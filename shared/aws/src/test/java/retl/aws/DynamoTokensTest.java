package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Ids;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.token.Token;
import retl.core.token.TokenStore.Grant;
import retl.core.token.Tokens;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoTokensTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private final DynamoTokens store = new DynamoTokens(AWS.table());

  @Test
  void readsBackGrants() {
    String id = Ids.timeOrdered().next("").substring(1);
    Grant expiring = new Grant(id, "ws1", Role.EDITOR, "00ff", TestClock.START);
    Grant lasting = new Grant(id, "ws2", Role.ADMIN, "11ee", null);

    store.put(expiring);
    assertThat(store.find(id)).contains(expiring);
    store.put(lasting);
    assertThat(store.find(id)).contains(lasting);
    assertThat(store.find(id.replace(id.charAt(25), '0') + "0")).isEmpty();
  }

  @Test
  void holdsATokenWithoutItsSecret() {
    Tokens tokens =
        new Tokens(
            store,
            new SecretKeys(AWS.secretsManager(), "retl/keys"),
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
