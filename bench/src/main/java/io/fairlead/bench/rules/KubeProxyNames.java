package io.fairlead.bench.rules;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Chain names of the length and kind of kube-proxy's: a prefix and a hash in base 32. */
final class KubeProxyNames {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private KubeProxyNames() {}

  /** "default/service-7:web". */
  static String port(int service) {
    return "default/" + Population.name(service) + ":web";
  }

  static List<String> endpoints(List<String> addresses) {
    List<String> endpoints = new ArrayList<>();
    for (String address : addresses) {
      endpoints.add(address + ":" + Population.ENDPOINT_PORT);
    }
    return endpoints;
  }

  /** The first {@code length} characters of the hash, at most 51. */
  static String hash(String text, int length) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      StringBuilder hash = new StringBuilder();
      for (int bit = 0; hash.length() < length; bit += 5) {
        int pair = ((digest[bit / 8] & 255) << 8) | (digest[bit / 8 + 1] & 255);
        hash.append(ALPHABET.charAt((pair >> (11 - bit % 8)) & 31));
      }
      return hash.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
