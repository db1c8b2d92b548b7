package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProjectingStoreTest {

  private final List<ObjectChange> changes = new ArrayList<>();
  private final ProjectingStore<Namespace> store =
      new ProjectingStore<>(
          Namespace::new,
          NamespaceProjection::project,
          key -> new NamespaceChanged(key.name(), null),
          changes::add,
          (_, _) -> {},
          System::nanoTime);

  private void put(String version) {
    store.put(
        "shop",
        new NamespaceBuilder()
            .withNewMetadata()
            .withName("shop")
            .withResourceVersion(version)
            .endMetadata()
            .build());
  }

  @Test
  @DisplayName("a change has its object's resourceVersion, and one that is gone its last one")
  void versions() {
    put("41");
    put("41");
    put("42-beta");
    store.remove("shop");
    assertThat(changes)
        .extracting(ObjectChange::version)
        .containsExactly("41", "42-beta", "42-beta");
  }
}
