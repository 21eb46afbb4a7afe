package retl.aws;

import retl.core.credential.StatusChange;

/** Tells changes of status as events on an EventBridge bus. */
public final class EventBridgeAnnouncer implements StatusChange.Announcer {
  static final String SOURCE = "retl-models";
  static final String DETAIL_TYPE = "Credential Status Changed";

  private final SignedCalls putEvents;
  private final String bus;

  EventBridgeAnnouncer(SignedCalls putEvents, String bus) {
    this.putEvents = putEvents;
    this.bus = bus;
  }

  @Override
  public void announce(StatusChange change) {
    String body =
        JsonText.of(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("Entries");
              json.writeStartObject();
              json.writeStringField("Source", SOURCE);
              json.writeStringField("DetailType", DETAIL_TYPE);
              json.writeStringField("EventBusName", bus);
              json.writeNumberField("Time", change.at().getEpochSecond());
              json.writeStringField("Detail", detail(change));
              json.writeEndObject();
              json.writeEndArray();
              json.writeEndObject();
            });
    putEvents.post(
        body, (status, answer) -> status == 200 && JsonText.isZero(answer, "FailedEntryCount"));
  }

  private static String detail(StatusChange change) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("id", change.validationId());
          json.writeStringField("workspace", change.workspace());
          json.writeStringField("credentialId", change.credentialId());
          json.writeStringField("name", change.name());
          json.writeStringField("from", change.from().wireName());
          json.writeStringField("to", change.to().wireName());
          String code = change.code();
          if (code != null) {
            json.writeStringField("code", code);
          }
          json.writeStringField("validationId", change.validationId());
          json.writeStringField("at", change.at().toString());
          json.writeEndObject();
        });
  }
}
