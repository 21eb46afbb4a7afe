package retl.local.wrong.core;

/** Knows a module, and each library that core may not know. */
public record Wrong(
    retl.local.wrong.sql.Wrong sql,
    java.sql.Connection jdbc,
    com.fasterxml.jackson.core.JsonFactory json,
    software.amazon.awssdk.services.dynamodb.DynamoDbClient aws) {}
