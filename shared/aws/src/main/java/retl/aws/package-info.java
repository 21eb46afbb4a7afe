/** DynamoDB, Secrets Manager and Lambda behind the core's ports. */
@NullMarked
package retl.aws;

import org.jspecify.annotations.NullMarked;
