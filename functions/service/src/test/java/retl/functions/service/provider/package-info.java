@NullMarked
package retl.functions.service.provider;

import org.jspecify.annotations.NullMarked;
