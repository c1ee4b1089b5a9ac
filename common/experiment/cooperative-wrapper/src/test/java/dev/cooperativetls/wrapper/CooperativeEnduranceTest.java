package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.EnduranceContract;
import dev.cooperativetls.testkit.WrapperForm;

class CooperativeEnduranceTest extends EnduranceContract {

    CooperativeEnduranceTest() {
        super(WrapperForm.WRAPPED);
    }
}
