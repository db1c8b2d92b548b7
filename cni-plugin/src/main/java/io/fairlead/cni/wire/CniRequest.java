package io.fairlead.cni.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * One execution of the CNI binary: its CNI_ variables and its standard input. Immutable by
 * convention: nobody writes to the array.
 *
 * @param environment the variables whose names begin with CNI_
 */
@SuppressWarnings("ArrayRecordComponent") // up to a megabyte of JSON that is parsed once
public record CniRequest(Map<String, String> environment, byte[] stdin) {

  public CniRequest {
    environment = Map.copyOf(environment);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CniRequest request
        && environment.equals(request.environment)
        && Arrays.equals(stdin, request.stdin);
  }

  @Override
  public int hashCode() {
    return 31 * environment.hashCode() + Arrays.hashCode(stdin);
  }

  @Override
  public String toString() {
    return new TreeMap<>(environment) + " with " + stdin.length + " bytes of configuration";
  }
}
