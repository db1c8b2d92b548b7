package io.fairlead.dataplane.netlink.nftables;

import java.util.List;
import java.util.stream.Collectors;

/** Operations on elements, in nft's language. */
final class NfElementsText {

  private NfElementsText() {}

  static String of(String verb, NfSet set, List<SetElement> elements) {
    // What is deleted is known by its key alone.
    boolean keysOnly = verb.equals("delete");
    return elements.stream()
        .map(element ->
            keysOnly
                ? ElementText.key(set.key(), element.key(), element.last())
                : element.text(set))
        .collect(
            Collectors.joining(
                ", ", verb + " element " + set.table() + " " + set.name() + " { ", " }"));
  }
}
