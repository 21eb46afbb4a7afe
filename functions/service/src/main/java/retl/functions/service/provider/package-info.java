/** Tokens of the operator's identity provider: JSON Web Tokens (RFC 7519) that it has signed. */
@NullMarked
package retl.functions.service.provider;

import org.jspecify.annotations.NullMarked;
