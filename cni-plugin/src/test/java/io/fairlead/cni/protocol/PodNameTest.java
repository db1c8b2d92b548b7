package io.fairlead.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNameTest {

  private static CniArguments arguments(String namespace, String name) throws CniException {
    return CniArguments.parse("K8S_POD_NAMESPACE=" + namespace + ";K8S_POD_NAME=" + name);
  }

  @Test
  void aPodHasANamespaceAndAName() throws Exception {
    assertThat(arguments("kube-system", "a.b-0").pod()).isEqualTo("kube-system/a.b-0");
    assertThat(CniArguments.NONE.pod()).isNull();
    assertThat(CniArguments.parse("K8S_POD_NAME=a").pod()).isNull();
  }

  @ParameterizedTest
  @DisplayName("a name that would break a line of the journal is none (faults 16)")
  @ValueSource(strings = {"a b", "a/b", "a\tb", "a\nb", "\u00e4", "", "-\u2028-"})
  void whatCannotBeAName(String name) throws Exception {
    assertThat(arguments("default", name).pod()).isNull();
    assertThat(arguments(name, "pod").pod()).isNull();
  }
}
