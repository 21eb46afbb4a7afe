package retl.functions.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Role;

class AuditHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static CreateTokenHandler create;
  private static DeleteTokenHandler delete;
  private static ReadAuditHandler read;

  private Caller admin;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateTokenHandler(wiring);
    delete = new DeleteTokenHandler(wiring);
    read = new ReadAuditHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspace() {
    admin = Callers.of(AWS.workspace(), Role.ADMIN);
  }

  private String issue(String name) {
    return Call.of("POST /tokens")
        .as(admin)
        .body("{\"name\": \"" + name + "\", \"role\": \"viewer\"}")
        .to(create)
        .text("id");
  }

  private void revoke(String id) {
    Call.of("DELETE /tokens/{id}").as(admin).id(id).to(delete);
  }

  private Call list() {
    return Call.of("GET /audit").as(admin);
  }

  private static List<String> lines(Call.Answer answer) {
    return ((List<?>) answer.json().getOrDefault("items", List.of()))
        .stream()
            .map(item -> (Map<?, ?>) item)
            .map(item -> item.get("action") + " " + item.get("resource"))
            .toList();
  }

  @Test
  void listsWhatWasDoneTheNewestFirst() {
    String first = issue("one");
    String second = issue("two");
    revoke(first);

    Call.Answer all = list().to(read);
    Call.Answer ofFirst = list().query("resource", first).to(read);

    assertThat(all.status()).isEqualTo(200);
    assertThat(lines(all))
        .containsExactly(
            "token.revoked " + first, "token.created " + second, "token.created " + first);
    assertThat(lines(ofFirst)).containsExactly("token.revoked " + first, "token.created " + first);
    assertThat(ofFirst.body())
        .contains("\"actor\":\"tok_admin\"", "\"fields\":[\"name\",\"role\"]")
        .contains("\"requestId\":\"req-1\"")
        .doesNotContain("rmt_", "one");
    assertThat(lines(list().query("resource", "none").to(read))).isEmpty();
  }

  @Test
  void goesOnWithACursorOfTheSameResourceAlone() {
    String id = issue("one");
    revoke(id);
    Call.Answer first = list().query("resource", id).query("limit", "1").to(read);
    String cursor = first.text("nextCursor");

    assertThat(lines(list().query("resource", id).query("cursor", cursor).to(read)))
        .containsExactly("token.created " + id);
    assertThat(list().query("cursor", cursor).to(read).text("code")).isEqualTo("invalid_cursor");
    assertThat(list().query("limit", "0").to(read).text("code")).isEqualTo("invalid_parameter");
  }

  @Test
  void isForAdminsOfTheWorkspaceAlone() {
    issue("one");

    for (Role role : List.of(Role.VIEWER, Role.EDITOR)) {
      Caller caller = Callers.of(admin.workspace(), role);
      assertThat(Call.of("GET /audit").as(caller).to(read).status()).isEqualTo(403);
    }
    assertThat(Call.of("GET /audit").to(read).status()).isEqualTo(401);
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);
    assertThat(lines(Call.of("GET /audit").as(stranger).to(read))).isEmpty();
  }
}
