package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names of chains and sets as kube-router makes them: a prefix and 16 characters in base 32 of a
 * SHA-256. Those of chains also depend on the version, another one for each sync.
 */
final class KubeRouterNames {

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int LENGTH = 16;
  private static final int BITS = 5;
  private static final String FAMILY = "IPv4";

  private KubeRouterNames() {}

  static String podChain(ObjectKey pod, String version) {
    return "KUBE-POD-FW-" + hash(pod.namespace() + pod.name() + version);
  }

  static String policyChain(ObjectKey policy, String version) {
    return "KUBE-NWPLCY-" + hash(policy.namespace() + policy.name() + version + FAMILY);
  }

  /**
   * The set of the pods that a policy selects.
   *
   * @param direction "SRC" of egress, "DST" of ingress
   */
  static String selected(ObjectKey policy, String direction) {
    return "KUBE-" + direction + "-" + hash(policy.namespace() + policy.name() + FAMILY);
  }

  /**
   * The set of a rule's peers.
   *
   * @param direction "SRC" of ingress, "DST" of egress
   * @param what "pod" or "ipblock"
   */
  static String peers(ObjectKey policy, String direction, int rule, String what) {
    String rules = direction.equals("SRC") ? "ingressrule" : "egressrule";
    return "KUBE-"
        + direction
        + "-"
        + hash(policy.namespace() + policy.name() + rules + rule + FAMILY + what);
  }

  private static String hash(String text) {
    byte[] digest = sha256(text);
    StringBuilder name = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (int i = 0; name.length() < LENGTH; i++) {
      bits = (bits << 8) | (digest[i] & 255);
      for (held += 8; held >= BITS && name.length() < LENGTH; held -= BITS) {
        name.append(BASE32.charAt((bits >> (held - BITS)) & 31));
      }
      bits &= (1 << held) - 1;
    }
    return name.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
