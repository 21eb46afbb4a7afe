package retl.aws.faults;

/** A rule of the stores that can be left out, to see that the plans notice. */
enum Guard {
  NOTE_BEFORE_SECRET,
  NOTE_OF_OLD_SECRET,
  NOTE_OF_STALE_MODELS,
  CLAIM,
  VERSION,
  NAME_LOCK,
  MODEL_COUNT,
  AUDIT,
  MODEL_VERSION,
  MODEL_NAME,
  MODEL_OLD_NAME,
  MODEL_MOVES_COUNT,
  MODEL_TARGET,
  MODEL_REVISION,
  MODEL_RECEIPT,
  MODEL_AUDIT,
  SOURCE_COUNT,
  NOTE_OF_REVISIONS
}
