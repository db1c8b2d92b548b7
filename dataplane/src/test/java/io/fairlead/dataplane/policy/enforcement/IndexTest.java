package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.labels;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.selector;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change looks at those whom it may concern, not at all of them. */
class IndexTest {

  private static final int MANY = 1000;

  private static PodTraits traits(String namespace, String labels) {
    return new PodTraits(namespace, labels(labels), List.of());
  }

  private static Labels namespace(String name) {
    return labels("team=" + name + " " + NamespaceRecord.NAME_LABEL + "=" + name);
  }

  private static UsedSelector used(String namespace, Peer peer) {
    return new UsedSelector(TestNode.selector(namespace, peer));
  }

  @Test
  void aPodIsHeldAgainstTheSelectorsThatItMayJoin() {
    SelectorIndex index = new SelectorIndex();
    for (int i = 0; i < MANY; i++) {
      index.add(used("x", pods("app=a" + i)));
      index.add(used("x", pods("tier=front,back app=a" + i)));
      index.add(used("y", pods("app=a" + i)));
      index.add(used("x", pods("team=t" + i, "app=a" + i + ",b" + i)));
      index.add(used("x", pods("team=t" + i, "")));
      index.add(used("n" + i, pods("old")));
    }
    UsedSelector everybody = used("x", pods("", ""));
    index.add(everybody);
    assertThat(index.candidates(traits("x", "app=a7 tier=front"), namespace("x")))
        .hasSizeLessThan(8)
        .contains(everybody);
    assertThat(index.candidates(traits("z", "app=b7"), namespace("t9"))).hasSize(3);
    assertThat(index.candidates(traits("n3", ""), namespace("n3"))).hasSize(2);
    index.remove(everybody);
    assertThat(index.candidates(traits("n3", ""), namespace("n3"))).hasSize(1);
  }

  /** Whichever of the requirements most selectors have in common leads to the others. */
  @Test
  void aSelectorIsFiledWhereFewAre() {
    SelectorIndex index = new SelectorIndex();
    for (int i = 0; i < MANY; i++) {
      index.add(used("x", pods("all=1 zone=z" + i)));
    }
    assertThat(index.candidates(traits("x", "all=1 zone=z5"), namespace("x"))).hasSizeLessThan(3);
  }

  @Test
  void aNewSelectorIsHeldAgainstThePodsThatItMayMean() {
    Namespaces namespaces = new Namespaces();
    PeerGroups groups = new PeerGroups(namespaces);
    for (int i = 0; i < MANY; i++) {
      String name = "n" + i % 100;
      namespaces.put(name, new NamespaceRecord(name, namespace(name)));
      groups.add(traits(name, "app=a" + i + " half=" + i % 2));
    }
    assertThat(groups.candidates(TestNode.selector("n7", pods("")))).hasSize(10);
    assertThat(groups.candidates(TestNode.selector("n7", pods("app=a7")))).hasSize(1);
    assertThat(groups.candidates(TestNode.selector("n7", pods("half=1")))).hasSize(10);
    assertThat(groups.candidates(TestNode.selector("x", pods("team=n7", "")))).hasSize(10);
    assertThat(groups.candidates(TestNode.selector("x", pods("team=n7,n8", "half=1")))).hasSize(20);
    assertThat(groups.candidates(TestNode.selector("x", pods("", "app=a7,a8,a9")))).hasSize(3);
    assertThat(groups.candidates(TestNode.selector("x", pods("team!=n7", "app=a7")))).hasSize(1);
    assertThat(groups.candidates(TestNode.selector("x", pods("", "half=1")))).hasSize(MANY / 2);
  }

  @Test
  void theIndexFindsBySelectorWhatHasItsLabels() {
    LabelIndex<String> index = new LabelIndex<>();
    index.add("one", labels("a=1 b=1"));
    index.add("two", labels("a=2"));
    assertThat(index.candidates(selector("a=1,2"))).containsExactly("one", "two");
    assertThat(index.candidates(selector("a=1,2 b=1"))).containsExactly("one");
    assertThat(index.candidates(selector("a=3"))).isEmpty();
    assertThat(index.candidates(selector("a"))).containsExactly("one", "two");
    index.remove("one", labels("a=1 b=1"));
    index.remove("two", labels("a=2"));
    assertThat(index.size()).isZero();
  }
}
