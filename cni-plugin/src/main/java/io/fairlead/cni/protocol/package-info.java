/**
 * The Container Network Interface as text: environment variables and JSON in, JSON out, for every
 * protocol version from 0.1.0 to 1.1.0. Pure: neither clock nor kernel nor files.
 *
 * @see <a href="https://www.cni.dev/docs/spec/">CNI specification 1.1.0</a>
 */
@NullMarked
package io.fairlead.cni.protocol;

import org.jspecify.annotations.NullMarked;
