export {
  type Agreement,
  type AgreementFault,
  type AgreementFaultCode,
  type AgreementParty,
  findAgreementFaults,
  type RecognisableList,
  recognisesMatter,
  whyNotRecognisable,
} from './agreement.ts'
