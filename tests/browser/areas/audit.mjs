// The auditor's desk.
export default [];
