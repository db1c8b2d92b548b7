package io.fairlead.cni.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the CNI binary prints and how it ends. Immutable by convention: nobody writes to the arrays.
 *
 * @param exitCode 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a socket
public record CniResponse(int exitCode, byte[] stdout, byte[] stderr) {

  public CniResponse {
    if (exitCode < 0 || exitCode > 255) {
      throw new IllegalArgumentException("an exit code is 0 to 255, not " + exitCode);
    }
  }

  public static CniResponse of(int exitCode, String stdout) {
    return new CniResponse(exitCode, stdout.getBytes(StandardCharsets.UTF_8), new byte[0]);
  }

  /** Standard output as text, for logs and tests. */
  public String text() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CniResponse response
        && exitCode == response.exitCode
        && Arrays.equals(stdout, response.stdout)
        && Arrays.equals(stderr, response.stderr);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * exitCode + Arrays.hashCode(stdout)) + Arrays.hashCode(stderr);
  }

  @Override
  public String toString() {
    return "exit " + exitCode + ": " + text();
  }
}
