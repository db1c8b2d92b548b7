package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EngineExtension.class)
class ImageWholeTest {

  @Test
  void isThere(Engine engine) {
    assertThat(Images.inspect(Images.FAIRLEAD).getSize()).isLessThan(160_000_000L);
  }
}
