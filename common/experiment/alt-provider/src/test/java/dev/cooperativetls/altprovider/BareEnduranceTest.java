package dev.cooperativetls.altprovider;

import dev.cooperativetls.testkit.EnduranceContract;
import dev.cooperativetls.testkit.WrapperForm;

class BareEnduranceTest extends EnduranceContract {

    BareEnduranceTest() {
        super(WrapperForm.BARE);
    }
}
