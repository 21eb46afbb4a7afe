package retl.aws;

import org.junit.jupiter.api.Nested;
import retl.aws.faults.ScheduledValidationsTest;

/**
 * The tests of all stores once more, for an emulator that others wrote. They are the same classes:
 * what holds on DynamoDB Local and our own stand-ins must hold there too.
 */
abstract class StoreTests {
  @Nested
  class AuditsThere extends AuditsTest {}

  @Nested
  class CredentialsThere extends DynamoCredentialsTest {}

  @Nested
  class DirectoryThere extends DirectoryTest {}

  @Nested
  class LimitsThere extends LimitsTest {}

  @Nested
  class LostAnswersThere extends LostAnswersTest {}

  @Nested
  class ModelChangesThere extends DynamoModelChangesTest {}

  @Nested
  class ModelRacesThere extends DynamoModelRacesTest {}

  @Nested
  class ModelsThere extends DynamoModelsTest {}

  @Nested
  class PreviewsThere extends DynamoPreviewsTest {}

  @Nested
  class QueueThere extends DueQueueTest {}

  @Nested
  class RevisionsThere extends DynamoRevisionsTest {}

  @Nested
  class ScheduleThere extends ScheduledValidationsTest {}

  @Nested
  class SecretKeysThere extends SecretKeysTest {}

  @Nested
  class SecretsThere extends SecretsTest {}

  @Nested
  class SourceRacesThere extends DynamoSourceRacesTest {}

  @Nested
  class SourcesThere extends DynamoSourcesTest {}

  @Nested
  class TokensThere extends DynamoTokensTest {}

  @Nested
  class TransactionsThere extends TransactionTest {}

  @Nested
  class ValidationsThere extends DynamoValidationsTest {}

  @Nested
  class WideModelsThere extends WideModelsTest {}
}
