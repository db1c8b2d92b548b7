package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.regex.Pattern;

/**
 * What the chain and the counter of a policy are called in the kernel, whose names have at most 255
 * bytes, and in nft's language letters, digits and few signs.
 */
final class PolicyNames {

  /** The alphabet of names in Kubernetes. */
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9.-]+");

  private static final Pattern OTHER = Pattern.compile("[^a-z0-9.-]");

  /** Longer names are cut: they have to be read in lists. */
  private static final int LONGEST = 128;

  private PolicyNames() {}

  /**
   * "ingress-default/web". One that is long or odd is cut and cleaned, and ends in an underscore,
   * which no name in Kubernetes has, and a hash.
   */
  static String chain(PolicyDirection direction, ObjectKey policy) {
    String prefix = direction.text() + "-";
    String namespace = policy.namespace();
    String name = policy.name();
    String whole = prefix + namespace + "/" + name;
    if (whole.length() <= LONGEST
        && PLAIN.matcher(namespace).matches()
        && PLAIN.matcher(name).matches()) {
      return whole;
    }
    String hash = new ContentHash().add(namespace).add(name).text();
    return prefix + beginning(namespace, 40) + "/" + beginning(name, 60) + "_" + hash;
  }

  private static String beginning(String text, int length) {
    String cut = text.length() <= length ? text : text.substring(0, length);
    return OTHER.matcher(cut).replaceAll("-");
  }
}
